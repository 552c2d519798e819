using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace MucComponent.Tests.Component;

/// <summary>What was logged: to look at, and to wait for.</summary>
public sealed class LogBook<T> : ILogger<T>
{
    private readonly Channel<string> _unread = Channel.CreateUnbounded<string>();
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get { lock (_lines) return [.. _lines]; }
    }

    /// <summary>Waits for the next line that contains this; the lines before it count as read.</summary>
    public async Task<string> SaysAsync(string text)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            while (true)
            {
                var line = await _unread.Reader.ReadAsync(late.Token);
                if (line.Contains(text, StringComparison.Ordinal)) return line;
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"never logged: {text}\nbut:\n{string.Join('\n', Lines)}");
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = $"{logLevel}: {formatter(state, exception)}";
        lock (_lines) _lines.Add(line);
        _unread.Writer.TryWrite(line);
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
}
