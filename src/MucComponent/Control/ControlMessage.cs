using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using MucComponent.Operations;

namespace MucComponent.Control;

/// <summary>What a client of the control socket asks, in one line of JSON.</summary>
/// <param name="Operation">Its name.</param>
/// <param name="HasData">Whether what follows the line, and the pieces in the answer, are what the operation works on.</param>
public sealed record ControlRequest(string Operation, Dictionary<string, ImmutableArray<string>> Arguments, bool? HasData = null);

/// <summary>What it is told: any number of lines of progress and pieces of data, and at last a result or an error; one line of JSON each.</summary>
/// <param name="Error">A sentence.</param>
/// <param name="Data">So many bytes of data follow the line.</param>
public sealed record ControlAnswer(string? Progress = null, OperationResult? Result = null, string? Error = null, int? Data = null);

internal static class ControlJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = false,
    };
}
