namespace Actors.Chains.Scripts.Compiling;

/// <summary>A compiled script, as the cache stores it.</summary>
/// <param name="Type">The type that holds the entry point.</param>
/// <param name="Method">The method that is the entry point.</param>
/// <param name="Steps">The actors and policies that the script can name, in the order of the text.</param>
/// <param name="Reads">The facts that the script reads and that cost a request.</param>
/// <param name="Code">The bytes of the assembly.</param>
/// <param name="Symbols">The portable PDB, so that an error can be reported with its line.</param>
internal sealed record ScriptImage(string Type, string Method, IReadOnlyList<string> Steps, ScriptReads Reads, byte[] Code, byte[] Symbols);

/// <summary>What became of a script: the image, or the problems.</summary>
/// <param name="Image">The compiled script; <see langword="null"/> if there are problems.</param>
/// <param name="Problems">What is wrong with it.</param>
internal sealed record CompiledScript(ScriptImage? Image, IReadOnlyList<ScriptProblem> Problems)
{
    /// <summary>Whether the compiler died of the script: it is not compiled again until it changes.</summary>
    public bool BrokeCompiler { get; init; }

    /// <summary>Whether nothing is known about the script, because the compiler could not be started.</summary>
    public bool Unknown { get; init; }
}
