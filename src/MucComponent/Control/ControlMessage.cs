using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using MucComponent.Operations;

namespace MucComponent.Control;

/// <summary>What a client of the control socket asks, in one line of JSON.</summary>
/// <param name="Operation">Its name.</param>
public sealed record ControlRequest(string Operation, Dictionary<string, ImmutableArray<string>> Arguments);

/// <summary>What it is told: any number of lines of progress, and at last a result or an error; one line of JSON each.</summary>
/// <param name="Error">A sentence.</param>
public sealed record ControlAnswer(string? Progress = null, OperationResult? Result = null, string? Error = null);

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
