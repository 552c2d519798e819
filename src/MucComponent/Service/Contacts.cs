using System.Collections.Immutable;
using MucComponent.Xmpp;

namespace MucComponent.Service;

/// <summary>Whom to turn to (XEP-0157), as the operator states it: <c>abuse=mailto:abuse@example.org; support=xmpp:help@example.org</c>.</summary>
public static class Contacts
{
    /// <summary>The kinds that are registered ("Registrar Considerations"), by the first word of their field.</summary>
    private static readonly ImmutableArray<string> Kinds = ["abuse", "admin", "feedback", "sales", "security", "status", "support"];

    /// <summary>Reads them: by kind, URIs with spaces between them.</summary>
    /// <exception cref="FormatException">Says what is wrong.</exception>
    public static ImmutableSortedDictionary<string, ImmutableArray<string>> Read(string text)
    {
        var contacts = MucOptions.NoContacts;
        foreach (var statement in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (statement.Split('=', 2, StringSplitOptions.TrimEntries) is not [var kind, { Length: > 0 } value]) throw new FormatException($"\"{statement}\" is not of the form kind=address");
            if (!Kinds.Contains(kind)) throw new FormatException($"\"{kind}\" is none of {string.Join(", ", Kinds)}");
            ImmutableArray<string> uris = [.. value.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
            if (uris.FirstOrDefault(u => !Uri.TryCreate(u, UriKind.Absolute, out _)) is { } bad) throw new FormatException($"\"{bad}\" is not a URI, as xmpp:help@example.org, mailto:… or https://…");
            contacts = contacts.SetItem(kind, uris);
        }
        return contacts;
    }

    /// <summary>The form for <c>disco#info</c>; null where nobody is named. Who administers the service is told where nobody else is named for that.</summary>
    public static DataForm? Form(MucOptions options)
    {
        var contacts = options.Contacts;
        if (options.Admins.Count > 0 && !contacts.ContainsKey("admin"))
            contacts = contacts.SetItem("admin", [.. options.Admins.Select(a => $"xmpp:{a}").Order(StringComparer.Ordinal)]);
        return contacts.IsEmpty ? null : DataForm.Result(
            "http://jabber.org/network/serverinfo", [.. contacts.Select(c => new FormField($"{c.Key}-addresses", "list-multi", null) { Values = c.Value })]);
    }
}
