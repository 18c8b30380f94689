namespace Actors.Chains.Scripts.Compiling;

/// <summary>A compiled script, as the cache stores it.</summary>
/// <param name="Type">The type that holds the entry point.</param>
/// <param name="Method">The method that is the entry point.</param>
/// <param name="Steps">The actors and policies that the script can name, in the order of the text.</param>
/// <param name="Reads">The facts that the script reads and that cost a request.</param>
/// <param name="Code">The bytes of the assembly.</param>
/// <param name="Symbols">The portable PDB, so that an error can be reported with its line.</param>
internal sealed record ScriptImage(string Type, string Method, IReadOnlyList<string> Steps, ScriptReads Reads, byte[] Code, byte[] Symbols);
