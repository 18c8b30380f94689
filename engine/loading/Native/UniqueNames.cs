using System.Text;
using Actors.Loading.Files;

namespace Actors.Loading.Native;

/// <summary>
/// Gives the native libraries of one version of a plugin names that nothing else in the process has. The loader takes a library that is
/// loaded already whenever its name is the one that is needed: without this, the second plugin that ships a <c>libb.so</c> would run the
/// first one's. A new name has the length of the old one, so it fits in its place. Pure.
/// </summary>
internal static class UniqueNames
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const char Mark = '~';
    private const int MinStem = 3;

    /// <summary>Why the libraries cannot all get names of their own; empty when they can.</summary>
    public static IEnumerable<string> FindProblems(IReadOnlyList<NativeFile> libraries)
    {
        var names = libraries.Select(library => library.LibraryName).ToHashSet();
        foreach (var name in names.Where(name => Stem(name) < MinStem).Order(StringComparer.Ordinal))
            yield return $"the native library '{name}' cannot be told apart from another plugin's: its name needs at least {MinStem} characters before the first dot; rename it";
        foreach (var library in libraries)
        {
            foreach (var text in library.Section.Strings.Where(text => IsName(text, names)).DistinctBy(text => text.Text))
            {
                if (text.IsTail || library.Section.Strings.Any(other => other.Offset > text.Offset && other.Offset < text.Offset + Stem(text.Text)))
                    yield return $"'{library.File.Name}' stores the name '{text.Text}' inside another string, so it cannot be told apart from another plugin's; rename that library";
            }
        }
        foreach (var (library, needed) in WithoutRunPath(libraries).Where(pair => pair.Needed.Section.Soname is null))
            yield return $"'{library.File.Name}' needs '{needed.LibraryName}', but has no run path, and that library has no soname; link it with -Wl,-rpath,'$ORIGIN'";
    }

    /// <summary>The new name of each library.</summary>
    /// <param name="libraries">All native libraries of one plugin; see <see cref="FindProblems"/>.</param>
    /// <param name="next">Returns another number each time.</param>
    /// <exception cref="PluginException">No name of that length is left.</exception>
    public static IReadOnlyDictionary<string, string> Choose(IReadOnlyList<NativeFile> libraries, Func<long> next) =>
        libraries.Select(library => library.LibraryName).Distinct().ToDictionary(name => name, name => Encode(next(), Stem(name)) + name[Stem(name)..]);

    /// <summary>The file with the new names in it.</summary>
    public static byte[] Rename(NativeFile library, IReadOnlyDictionary<string, string> names)
    {
        var content = (byte[])library.File.Content.Clone();
        foreach (var text in library.Section.Strings)
        {
            if (text.Use == DynamicStringUse.Library && names.TryGetValue(text.Text, out var name))
                Encoding.Latin1.GetBytes(name).CopyTo(content, text.Offset);
        }
        return content;
    }

    /// <summary>The libraries that must be loaded before others, because those do not say where to find them; dependencies come first.</summary>
    public static IReadOnlyList<NativeFile> LoadFirst(IReadOnlyList<NativeFile> libraries)
    {
        var ordered = new List<NativeFile>();
        foreach (var (_, needed) in WithoutRunPath(libraries))
            Visit(needed, []);
        return ordered;

        void Visit(NativeFile library, HashSet<NativeFile> above)
        {
            if (ordered.Contains(library) || !above.Add(library))
                return;
            foreach (var needed in library.Section.Needed)
            {
                if (Find(libraries, library, needed) is { } other)
                    Visit(other, above);
            }
            ordered.Add(library);
        }
    }

    private static IEnumerable<(NativeFile Library, NativeFile Needed)> WithoutRunPath(IReadOnlyList<NativeFile> libraries)
    {
        foreach (var library in libraries.Where(library => !library.HasRelativeRunPath))
        {
            foreach (var needed in library.Section.Needed)
            {
                if (Find(libraries, library, needed) is { } other)
                    yield return (library, other);
            }
        }
    }

    // The one in the same folder, or any for the same processor.
    private static NativeFile? Find(IReadOnlyList<NativeFile> libraries, NativeFile from, string name) => libraries
        .Where(library => library.LibraryName == name && library.Section.Machine == from.Section.Machine)
        .OrderBy(library => library.Folder == from.Folder ? 0 : 1).FirstOrDefault();

    private static bool IsName(DynamicString text, HashSet<string> names) => text.Use == DynamicStringUse.Library && names.Contains(text.Text);

    // The rest of the name stays: a symbol such as 'so' may share it.
    private static int Stem(string name) => name.IndexOf('.') is var dot and >= 0 ? dot : name.Length;

    private static string Encode(long number, int length)
    {
        var text = new char[length];
        for (var at = length - 1; at > 0; at--)
            (text[at], number) = (Digits[(int)(number % Digits.Length)], number / Digits.Length);
        text[0] = Mark;
        return number == 0 ? new string(text) : throw new PluginException("all names for its native libraries have been used since the daemon started; restart the daemon");
    }
}
