using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace MucComponent.Storage;

/// <summary>
/// The two ways to write where a PostgreSQL database is: Npgsql's <c>Host=…;Database=…</c>, and the URI of PostgreSQL's own
/// programs (its manual, §34.1.1.2).
/// </summary>
public static class PostgresUri
{
    /// <summary>Either of them → a connection string. False when it is none or names no host.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out string? connectionString)
    {
        connectionString = null;
        try
        {
            var isUri = text.StartsWith("postgresql://", StringComparison.Ordinal) || text.StartsWith("postgres://", StringComparison.Ordinal);
            var settings = isUri ? FromUri(new Uri(text)) : new NpgsqlConnectionStringBuilder(text);
            if (string.IsNullOrEmpty(settings.Host)) return false;
            connectionString = settings.ConnectionString;
            return true;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return false;
        }
    }

    private static NpgsqlConnectionStringBuilder FromUri(Uri uri)
    {
        var settings = new NpgsqlConnectionStringBuilder { Host = uri.Host };
        if (uri.Port > 0) settings.Port = uri.Port;
        if (uri.AbsolutePath.Length > 1) settings.Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]);

        var user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0) settings.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1) settings.Password = Uri.UnescapeDataString(user[1]);

        foreach (var parameter in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = parameter.Split('=', 2);
            var value = Uri.UnescapeDataString(pair.Length > 1 ? pair[1] : "");
            settings[Keyword(pair[0])] = Keyword(pair[0]) == "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }
        return settings;
    }

    // libpq's names where Npgsql has another; the rest they share.
    private static string Keyword(string name) => name switch
    {
        "sslmode" => "SSL Mode",
        "sslrootcert" => "Root Certificate",
        "sslcert" => "SSL Certificate",
        "sslkey" => "SSL Key",
        "connect_timeout" => "Timeout",
        "application_name" => "Application Name",
        "target_session_attrs" => "Target Session Attributes",
        "user" => "Username",
        "dbname" => "Database",
        _ => name,
    };
}
