namespace MucComponent;
public sealed record SettingsResult(MucOptions? Options, IReadOnlyList<string> Mistakes, IReadOnlyList<string> Warnings);
public static class Settings { public static SettingsResult ReadEnvironment() => new(new MucOptions { Domain = Xmpp.Jid.Parse(Environment.GetEnvironmentVariable("MUC_DOMAIN") ?? "conference.localhost"), ServerPort = int.Parse(Environment.GetEnvironmentVariable("MUC_SERVER_PORT") ?? "5347", null), Secret = Environment.GetEnvironmentVariable("MUC_SECRET") ?? "" }, [], []); }
