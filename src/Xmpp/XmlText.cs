using System.Text;

namespace MucComponent.Xmpp;

/// <summary>Text as XML wants it.</summary>
public static class XmlText
{
    /// <summary>Escapes what may not stand in an attribute or in text; characters XML 1.0 cannot carry are left out (§2.2).</summary>
    public static string Escape(string text)
    {
        var first = 0;
        while (first < text.Length && IsPlain(text[first])) first++;
        if (first == text.Length) return text;

        var escaped = new StringBuilder(text.Length + 16).Append(text, 0, first);
        for (var i = first; i < text.Length; i++)
        {
            var c = text[i];
            if (IsPlain(c)) escaped.Append(c);
            else if (c == '&') escaped.Append("&amp;");
            else if (c == '<') escaped.Append("&lt;");
            else if (c == '>') escaped.Append("&gt;");
            else if (c == '"') escaped.Append("&quot;");
            else if (c == '\'') escaped.Append("&apos;");
            else if (c is '\n' or '\r' or '\t') escaped.Append("&#").Append((int)c).Append(';');
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) escaped.Append(c).Append(text[++i]);
        }
        return escaped.ToString();
    }

    private static bool IsPlain(char c) =>
        c >= ' ' && c is not ('&' or '<' or '>' or '"' or '\'') && c is < '\uD800' or > '\uDFFF' and < '\uFFFE';
}
