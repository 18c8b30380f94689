namespace Actors.Host.Tests;

/// <summary>A temporary folder for one test.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("scratch-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
