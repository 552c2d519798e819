using System.Text;

namespace MucComponent.Xmpp;

/// <summary>A stanza's UTF-8 bytes with the place for the address left open: <c>Head</c> ends after <c>to='</c>, <c>Tail</c> begins with the closing quote.</summary>
public sealed record EncodedStanza(byte[] Head, byte[] Tail);

/// <summary>A stanza and its addresses → bytes: serialised once, <c>to</c> spliced in.</summary>
public static class StanzaWriter
{
    public static EncodedStanza Encode(Stanza stanza) => throw new NotSupportedException();
}
