using System.Security.Cryptography;
using System.Text;

namespace MucComponent.Conversations;

/// <summary>How a component proves that it knows the secret: XEP-0114 §3.</summary>
public static class Handshake
{
    public static string Proof(string streamId, string secret) =>
#pragma warning disable CA5350 // SHA-1 is the protocol's choice
        Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(streamId + secret)));
#pragma warning restore CA5350
}
