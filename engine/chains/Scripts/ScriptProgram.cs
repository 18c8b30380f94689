using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using Actors.Chains.Scripts.Compiling;
using Actors.Scripting;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Chains.Scripts;

/// <summary>A script in its own load context, ready to run any number of times. It leaves the memory when nothing refers to it any more.</summary>
internal sealed class ScriptProgram
{
    private readonly string _file;
    private readonly Delegate _entry;
    private readonly ScriptContext _context;

    public ScriptProgram(ScriptSource source, ScriptImage image)
    {
        (_file, Steps, Reads) = (source.File, image.Steps, image.Reads);
        _context = new ScriptContext(source.File);
        using var code = new MemoryStream(image.Code);
        using var symbols = new MemoryStream(image.Symbols);
        var method = _context.LoadFromStream(code, symbols).GetType(image.Type, throwOnError: true)!
            .GetMethod(image.Method, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
        _entry = source.Kind == ScriptKind.Policy
            ? method.CreateDelegate<Func<object?[], Task<Outcome?>>>()
            : method.CreateDelegate<Func<object?[], Task<bool>>>();
    }

    /// <summary>The actors and policies that the script can name.</summary>
    public IReadOnlyList<string> Steps { get; }

    /// <summary>The facts that the script reads and that cost a request.</summary>
    public ScriptReads Reads { get; }

    /// <summary>A reference that is dead once the script has left the memory.</summary>
    public WeakReference Life => new(_context, trackResurrection: true);

    public Task<Outcome?> RunAsync(PolicyScript globals) => ((Func<object?[], Task<Outcome?>>)_entry)([globals, null]);

    public bool IsTrue(PolicyScript globals) => ((Func<object?[], Task<bool>>)_entry)([globals, null]).GetAwaiter().GetResult();

    /// <summary>Unloads the script once its current runs have ended. No new run may begin.</summary>
    public void Unload() => _context.Unload();

    /// <summary>The message of an exception from the script, with the line in the script.</summary>
    public string Describe(Exception error)
    {
        var line = new StackTrace(error, fNeedFileInfo: true).GetFrames()
            .FirstOrDefault(frame => frame.GetFileName() == _file && frame.GetFileLineNumber() > 0)?.GetFileLineNumber();
        return error is ScriptStoppedException
            ? $"{Place(line)}stopped: {error.Message}"
            : $"{Place(line)}{error.GetType().Name}: {Printable.Of(error.Message)}";
    }

    private string Place(int? line) => line is null ? $"{_file}: " : $"{_file}:{line}: ";

    private sealed class ScriptContext(string name) : AssemblyLoadContext(name, isCollectible: true);
}
