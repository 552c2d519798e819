using System.Collections.Immutable;

namespace MucComponent.Operations;

/// <summary>
/// Something an operator does with the running service. It is declared once and has three faces: an ad-hoc command on the
/// service's JID for its admins (XEP-0050), a subcommand of the program, and the calls of the program itself; each is in
/// the list <see cref="OperationList"/>.
/// </summary>
public abstract class Operation
{
    /// <summary>One or two words: <c>rooms list</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What it does, in a sentence: for help, and the command's name in a menu.</summary>
    public abstract string Meaning { get; }

    /// <summary>In the order in which they are given on a command line.</summary>
    public virtual ImmutableArray<Argument> Arguments => [];

    /// <summary>By which it is known as an ad-hoc command; the first one is shown in lists, the others are what other servers call it.</summary>
    public virtual ImmutableArray<string> Nodes => [Name.Replace(' ', '-')];

    /// <summary>The FORM_TYPE of its forms under this node (XEP-0068), or null.</summary>
    public virtual string? FormType(string node) => null;

    /// <exception cref="RefusedException">It cannot be done; nothing has changed, or as much as the message says.</exception>
    public abstract Task<OperationResult> RunAsync(OperationRequest request, CancellationToken stop);
}

/// <summary>One argument of an operation.</summary>
/// <param name="Name">As on the command line, and the field's name in a form.</param>
/// <param name="Meaning">A few words.</param>
public sealed record Argument(string Name, string Meaning, ArgumentType Type = ArgumentType.Text, bool Required = false)
{
    /// <summary>What it may be; empty if it is free.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];

    public bool TakesSeveral => Type is ArgumentType.Texts or ArgumentType.Jids or ArgumentType.Rooms;
}

/// <summary>What an argument may be.</summary>
public enum ArgumentType
{
    /// <summary>One line.</summary>
    Text,

    /// <summary>Several lines.</summary>
    Texts,

    /// <summary>A bare JID or a domain.</summary>
    Jid,
    Jids,

    /// <summary>A room's address, or its local part alone.</summary>
    Room,
    Rooms,

    /// <summary>A whole number, not negative.</summary>
    Number,

    /// <summary>Yes, or nothing.</summary>
    Flag,
}

/// <summary>What an operation cannot do, in a sentence for whoever asked.</summary>
public sealed class RefusedException(string message) : Exception(message);
