namespace Actors.Host.Tests.CommandLine;

/// <summary>A new folder that is the working folder of this process while it exists. Tests that use it do not run beside others.</summary>
internal sealed class WorkingFolder : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly string _before = Environment.CurrentDirectory;

    public WorkingFolder() => Environment.CurrentDirectory = _folder.Path;

    public string Path => _folder.Path;

    public void Dispose()
    {
        Environment.CurrentDirectory = _before;
        _folder.Dispose();
    }
}
