using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Actors.Loading.Compatibility;
using Actors.Loading.LoadContexts;
using Actors.Loading.Reload;

namespace Actors.Host.Tests.Loading;

/// <summary>Compiles native libraries, and calls them through builds of the sample plugin.</summary>
internal static class NativeCode
{
    /// <summary>The library that the sample plugin calls.</summary>
    public const string Called = "libsamplenative.so";

    private const string OwnFolder = "-Wl,-rpath,$ORIGIN";

    /// <summary>Ignores a test where there is no compiler; where everything must run, the test fails later.</summary>
    public static void NeedsCompiler()
    {
        if (!File.Exists("/usr/bin/gcc") && Environment.GetEnvironmentVariable("CI") != "true")
            Assert.Ignore("needs a C compiler (apt: gcc libc6-dev)");
    }

    /// <summary>Compiles a library and renames it over the one that is there, as a package manager does.</summary>
    public static void Compile(string library, string source, string[] needs, params string[] options)
    {
        var folder = Path.GetDirectoryName(library)!;
        Directory.CreateDirectory(folder);
        var code = library + ".c";
        File.WriteAllText(code, source);
        string[] arguments = ["-shared", "-fPIC", "-o", library + ".new", code, "-L" + folder, .. needs.Select(need => "-l:" + need), .. options];
        using var gcc = Process.Start(new ProcessStartInfo("gcc", arguments) { RedirectStandardError = true })!;
        var errors = gcc.StandardError.ReadToEnd();
        gcc.WaitForExit();
        Assert.That(gcc.ExitCode, Is.Zero, errors);
        File.Delete(code);
        File.Move(library + ".new", library, overwrite: true);
    }

    /// <summary>The library that the sample plugin calls, with nothing that it needs.</summary>
    public static void CompileAnswer(PluginRoot root, int answer, string id = "sample") =>
        Compile(root.File(Called, id), $"int answer(void) {{ return {answer}; }}\n", []);

    /// <summary>The same with a library that it needs: <c>libb.so</c> holds the answer.</summary>
    public static void CompilePair(PluginRoot root, int answer, string id = "sample", string needed = "libb.so", bool soname = true, bool runPath = true, bool versioned = false)
    {
        var map = root.File("versions.map", id);
        File.WriteAllText(map, "VERSION_OF_B { global: b_value; local: *; };\n");
        Compile(root.File(needed, id), $"int b_value(void) {{ return {answer}; }}\n", [],
            [.. soname ? [$"-Wl,-soname,{needed}"] : Array.Empty<string>(), .. versioned ? [$"-Wl,--version-script,{map}"] : Array.Empty<string>()]);
        File.Delete(map);
        Compile(root.File(Called, id), "int b_value(void);\nint answer(void) { return b_value(); }\n", [needed], runPath ? [OwnFolder] : []);
    }

    /// <summary>The same as a chain of three.</summary>
    public static void CompileChain(PluginRoot root, int answer, string id = "sample")
    {
        Compile(root.File("libcc.so.1", id), $"int c_value(void) {{ return {answer}; }}\n", [], "-Wl,-soname,libcc.so.1");
        Compile(root.File("libb.so", id), "int c_value(void);\nint b_value(void) { return c_value(); }\n", ["libcc.so.1"], "-Wl,-soname,libb.so", OwnFolder);
        Compile(root.File(Called, id), "int b_value(void);\nint answer(void) { return b_value(); }\n", ["libb.so"], OwnFolder);
    }

    /// <summary>Loads a plugin without a host.</summary>
    public static LoadedPlugin Load(PluginRoot root, string id = "sample")
    {
        var found = Candidate.Read(root.Folder(id));
        Assert.That(found.Verdict.Line, Is.EqualTo("fits"));
        return LoadedPlugin.Load(found.Image!, found.Manifest!, _ => { });
    }

    /// <summary>What the native library of a loaded plugin answers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Answer(LoadedPlugin plugin) => (int)Call(plugin, "Native")!;

    /// <summary>Calls a static method of the sample plugin.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static object? Call(LoadedPlugin plugin, string method) =>
        plugin.Actors["sample"].GetType().GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!.Invoke(null, null);

    /// <summary>Waits until an unloaded plugin is gone from memory, and cleans up.</summary>
    public static void CleanUp(UnloadedPlugin unloaded)
    {
        for (var round = 0; round < 50 && !unloaded.IsGone; round++)
            UnloadProof.Collect();
        Assert.That(unloaded.IsGone, Is.True);
        unloaded.CleanUp();
    }

    /// <summary>The files of this process's private copies that are mapped.</summary>
    public static IReadOnlyList<string> Mapped() => [.. File.ReadLines("/proc/self/maps")
        .Where(line => line.Contains($"/actors-plugin-{Environment.ProcessId}-", StringComparison.Ordinal))
        .Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..]).Distinct()];

    /// <summary>This process's private copies.</summary>
    public static string[] PrivateCopies() => Directory.GetDirectories(Path.GetTempPath(), $"actors-plugin-{Environment.ProcessId}-*");
}
