namespace Actors.Host.Tests;

/// <summary>A folder for one test, gone with it.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("scratch-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
