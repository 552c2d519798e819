namespace MucComponent.Control;

/// <summary>How far long work has come: on a terminal one line that changes and is gone at the end; in a log or a pipe nothing.</summary>
/// <param name="isShown">Whether somebody looks.</param>
public sealed class ProgressLine(TextWriter errors, bool isShown) : IDisposable
{
    private bool _isThere;

    /// <summary>On standard error, if that is a terminal.</summary>
    public static ProgressLine On(TextWriter errors, bool isWanted = true) => new(errors, isWanted && !Console.IsErrorRedirected);

    public void Show(string progress)
    {
        if (!isShown) return;
        errors.Write($"\r{progress}\e[K");
        _isThere = true;
    }

    /// <summary>Takes it away.</summary>
    public void Dispose()
    {
        if (_isThere) errors.Write("\r\e[K");
        _isThere = false;
    }
}
