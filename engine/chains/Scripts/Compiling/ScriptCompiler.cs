using System.Text;
using Actors.Scripting;
using Actors.Sdk;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Actors.Chains.Scripts.Compiling;

/// <summary>
/// Compiles C#: first the text as written, so that every problem is reported at its own place, then again with the calls of the guard.
/// Roslyn is used only in this folder.
/// </summary>
internal sealed class ScriptCompiler : IScriptCompiler
{
    // Created once: reading the metadata again for each script would cost more memory than everything else together.
    private static readonly MetadataReference[] References =
    [
        .. new[] { "System.Private.CoreLib", "System.Runtime", "System.Linq", "System.Collections" }
            .Select(name => System.Reflection.Assembly.Load(name).Location)
            .Append(typeof(Kib).Assembly.Location)
            .Append(typeof(PolicyScript).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);

    private static readonly CSharpCompilationOptions Compiling = new(
        OutputKind.DynamicallyLinkedLibrary,
        usings: ["System", "System.Collections.Generic", "System.Linq", "System.Threading.Tasks", "Actors.Sdk", "Actors.Scripting"],
        optimizationLevel: OptimizationLevel.Release,
        concurrentBuild: false,
        nullableContextOptions: NullableContextOptions.Annotations);

    public Task<CompiledScript> CompileAsync(ScriptSource source) => Task.FromResult(Compile(source));

    public void Dispose()
    {
    }

    /// <summary>Compiles a script.</summary>
    public static CompiledScript Compile(ScriptSource source)
    {
        var tree = Parse(source, SourceText.From(source.Text, Encoding.UTF8));
        var compilation = Compilation(source, tree);
        var found = new ScriptProblems(source);
        found.Add(compilation.GetDiagnostics());
        var model = compilation.GetSemanticModel(tree);
        var rules = new ScriptRules(source.Kind, model, found);
        rules.Visit(tree.GetRoot());
        if (found.Any)
            return new CompiledScript(null, found.Found);
        var guarded = Parse(source, tree.GetText().WithChanges(GuardInsertion.Of(tree.GetRoot(), model)));
        return new CompiledScript(Emit(Compilation(source, guarded), rules, found), found.Found);
    }

    private static SyntaxTree Parse(ScriptSource source, SourceText text) => CSharpSyntaxTree.ParseText(text, Parsing, source.File);

    private static CSharpCompilation Compilation(ScriptSource source, SyntaxTree tree) => CSharpCompilation.CreateScriptCompilation(
        "policy",
        tree,
        References,
        Compiling,
        returnType: source.Kind == ScriptKind.Policy ? typeof(Outcome) : typeof(bool),
        globalsType: typeof(PolicyScript));

    private static ScriptImage? Emit(CSharpCompilation compilation, ScriptRules rules, ScriptProblems found)
    {
        using var code = new MemoryStream();
        using var symbols = new MemoryStream();
        var result = compilation.Emit(code, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        found.Add(result.Diagnostics);
        if (!result.Success)
            return null;
        var entry = compilation.GetEntryPoint(CancellationToken.None)!;
        return new ScriptImage(entry.ContainingType.MetadataName, entry.MetadataName, rules.Steps, rules.Reads, code.ToArray(), symbols.ToArray());
    }
}
