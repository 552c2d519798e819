using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace MucComponent.Storage;

/// <summary>Makes the driver use the operating system's SQLite, which the distribution keeps patched; we ship none.</summary>
internal static class SystemSqlite
{
    // By the names of Debian and other Linux systems, and of macOS.
    private static readonly string[] Names = ["libsqlite3.so.0", "libsqlite3.so", "libsqlite3.dylib"];

    private static readonly Lazy<bool> Loaded = new(() =>
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return true;
    });

    /// <exception cref="StoreUnavailableException">There is none.</exception>
    public static void Load()
    {
        try
        {
            _ = Loaded.Value;
        }
        catch (DllNotFoundException e)
        {
            throw new StoreUnavailableException("SQLite is not installed (libsqlite3.so.0); on Debian: apt-get install libsqlite3-0", e);
        }
    }

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? path)
    {
        if (library != "e_sqlite3") return 0;
        foreach (var name in Names)
            if (NativeLibrary.TryLoad(name, out var handle)) return handle;
        return 0;
    }
}
