using System.Text;
using Actors.Scripting;
using Actors.Sdk;
using Actors.Yaml;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Actors.Chains.Scripts.Compiling;

/// <summary>
/// C# to code: bound once as it was written, so that every mistake is told at its own place, and once more with the guard's calls in it.
/// Nobody else touches Roslyn.
/// </summary>
internal static class ScriptCompiler
{
    // Made once: metadata that is read anew for each script costs more memory than all else together.
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

    /// <summary><see langword="null"/> when something is wrong.</summary>
    public static ScriptImage? Compile(ScriptSource source, YamlProblems problems)
    {
        var tree = Parse(source, SourceText.From(source.Text, Encoding.UTF8));
        var compilation = Compilation(source, tree);
        var wrong = new Mistakes(source, problems);
        wrong.Add(compilation.GetDiagnostics());
        var model = compilation.GetSemanticModel(tree);
        var rules = new ScriptRules(source.Kind, model, wrong);
        rules.Visit(tree.GetRoot());
        if (wrong.Any)
            return null;
        var guarded = Parse(source, tree.GetText().WithChanges(Guarding.Of(tree.GetRoot(), model)));
        return Emit(Compilation(source, guarded), rules, wrong);
    }

    private static SyntaxTree Parse(ScriptSource source, SourceText text) => CSharpSyntaxTree.ParseText(text, Parsing, source.File);

    private static CSharpCompilation Compilation(ScriptSource source, SyntaxTree tree) => CSharpCompilation.CreateScriptCompilation(
        "policy",
        tree,
        References,
        Compiling,
        returnType: source.Kind == ScriptKind.Policy ? typeof(Outcome) : typeof(bool),
        globalsType: typeof(PolicyScript));

    private static ScriptImage? Emit(CSharpCompilation compilation, ScriptRules rules, Mistakes wrong)
    {
        using var code = new MemoryStream();
        using var symbols = new MemoryStream();
        var result = compilation.Emit(code, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        wrong.Add(result.Diagnostics);
        if (!result.Success)
            return null;
        var entry = compilation.GetEntryPoint(CancellationToken.None)!;
        return new ScriptImage(entry.ContainingType.MetadataName, entry.MetadataName, rules.Steps, rules.Reads, code.ToArray(), symbols.ToArray());
    }
}
