namespace Actors.XenVm.Tests;

/// <summary>The scenarios: each a script that says in its name what holds.</summary>
internal static class Scenarios
{
    public static string Home { get; } = Path.Combine(Root(), "tests", "xen");

    public static string[] In(string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(Home, folder), "*.sh").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    public static string Script(string folder, string name) => Path.Combine(Home, folder, $"{name}.sh");

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Actors.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
