using System.Globalization;
using Actors.Yaml;
using Microsoft.CodeAnalysis;

namespace Actors.Chains.Scripts.Compiling;

/// <summary>Gathers what is wrong with a script, each with its place in the file.</summary>
internal sealed class Mistakes(ScriptSource source, YamlProblems problems)
{
    private static readonly Dictionary<string, string> OurWords = new()
    {
        ["CS7099"] = "#r is not for policies: a script has what docs/policies.md lists, and no other library",
        ["CS7010"] = "#r is not for policies: a script has what docs/policies.md lists, and no other library",
        ["CS8099"] = "#load is not for policies: a script is one file; let one policy run another with await Run(\"NAME\")",
        ["CS0656"] = "this needs a part of .NET that scripts do not have",
        ["CS1980"] = "dynamic is not for policies",
        ["CS8094"] = "an alignment this wide is not for policies",
    };

    // The compiler does not know them here, and its own words would send people looking for a using.
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["Console"] = "'Console' is not for policies: tell the operator with Log(\"…\")",
        ["Process"] = "'Process' is not for policies: a policy starts no programs; that is work for an actor, a plugin",
        ["HttpClient"] = "'HttpClient' is not for policies: a policy does not talk to the network; that is work for an actor, a plugin",
        ["Regex"] = "'Regex' is not for policies: regular expressions can run for ever; use StartsWith, EndsWith, Contains and Split",
        ["Parallel"] = "'Parallel' is not for policies: a policy starts no threads; let steps do the work, await Run(\"NAME\")",
    };

    public bool Any { get; private set; }

    public void Add(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error || OurWords.ContainsKey(one.Id)))
        {
            var message = OurWords.GetValueOrDefault(diagnostic.Id) ?? Unknown(diagnostic) ?? $"{diagnostic.GetMessage(CultureInfo.InvariantCulture)} ({diagnostic.Id})";
            Add(diagnostic.Location, message);
        }
    }

    private static string? Unknown(Diagnostic diagnostic) => diagnostic.Id is "CS0103" or "CS0246" or "CS0234" && diagnostic.Location.SourceTree is { } tree
        ? Elsewhere.GetValueOrDefault(tree.GetRoot().FindToken(diagnostic.Location.SourceSpan.Start).ValueText)
        : null;

    public void Add(SyntaxNode node, string message) => Add(node.GetLocation(), message);

    public void Add(Location location, string message)
    {
        Any = true;
        var at = location.IsInSource ? location.GetLineSpan().StartLinePosition : default;
        problems.Add(new Mark(source.Line + at.Line, at.Line == 0 ? source.Column + at.Character : at.Character + 1), message);
    }
}
