
namespace Actors.Chains.Files;

/// <summary>The kinds of files in a folder of policies, by name.</summary>
internal enum PolicyFileKind
{
    /// <summary>Any other file, such as a backup copy or a note.</summary>
    Other,

    /// <summary>A policy in YAML.</summary>
    Chain,

    /// <summary>A policy as a C# script.</summary>
    Script,

    /// <summary>The tests of a policy.</summary>
    Test,
}

/// <summary>The names of files in a folder of policies.</summary>
internal static class PolicyFile
{
    public const string Chain = ".yaml";
    public const string Script = ".csx";
    public const string Test = ".test.yaml";

    public static PolicyFileKind KindOf(string file) => Path.GetFileName(file) switch
    {
        ['.' or '#', ..] => PolicyFileKind.Other,
        var name when name.EndsWith(Test, StringComparison.Ordinal) => PolicyFileKind.Test,
        var name when name.EndsWith(Chain, StringComparison.Ordinal) => PolicyFileKind.Chain,
        var name when name.EndsWith(Script, StringComparison.Ordinal) => PolicyFileKind.Script,
        _ => PolicyFileKind.Other,
    };

    /// <summary>The name of the policy that a file holds or tests.</summary>
    public static string NameOf(string file) => KindOf(file) == PolicyFileKind.Test
        ? Path.GetFileName(file)[..^Test.Length]
        : Path.GetFileNameWithoutExtension(file);

    /// <summary>The policies and tests in a folder, ordered by name; also a folder or a link with such a name, which is reported when it is read.</summary>
    public static IEnumerable<string> In(string folder) =>
        Directory.EnumerateFileSystemEntries(folder).Where(file => KindOf(file) != PolicyFileKind.Other).Order(StringComparer.Ordinal);

    /// <summary>The file of the policy that a test file tests; <see langword="null"/> if there is none.</summary>
    public static string? PolicyOf(string test)
    {
        var stem = Path.Combine(Path.GetDirectoryName(test) ?? "", NameOf(test));
        return File.Exists(stem + Chain) ? stem + Chain : File.Exists(stem + Script) ? stem + Script : null;
    }
}
