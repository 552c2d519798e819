using System.Collections.Immutable;

namespace MucComponent.Xmpp;

/// <summary>What came of an ad-hoc command: an error, or notes and maybe a form that tells something.</summary>
public sealed record CommandResult
{
    /// <summary>Why it was not done; nothing has changed then.</summary>
    public StanzaError? Error { get; private init; }

    public ImmutableArray<CommandNote> Notes { get; init; } = [];

    /// <summary>Of type <c>result</c>, or null.</summary>
    public DataForm? Form { get; init; }

    /// <param name="note">A sentence for people, or null.</param>
    public static CommandResult Done(string? note = null) => new() { Notes = note is null ? [] : [new CommandNote("info", note)] };

    public static CommandResult Told(DataForm form) => new() { Form = form };

    public static CommandResult Refused(StanzaError error) => new() { Error = error };

    public static implicit operator CommandResult(StanzaError error) => Refused(error);
}

/// <summary>A sentence about a command (XEP-0050 §4.3).</summary>
/// <param name="Type"><c>info</c>, <c>warn</c> or <c>error</c>.</param>
public sealed record CommandNote(string Type, string Text);
