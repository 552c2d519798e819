namespace MucComponent.Tests.Storage;

/// <summary>A folder that can be deleted with all its contents.</summary>
public sealed class TemporaryFolder
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("muc-");

    public string Path => _folder.FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Delete() => _folder.Delete(recursive: true);
}
