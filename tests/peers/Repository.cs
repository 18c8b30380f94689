namespace Actors.Peers;

/// <summary>Finds the root of the repository.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Actors.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
