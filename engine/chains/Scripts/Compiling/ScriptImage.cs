namespace Actors.Chains.Scripts.Compiling;

/// <summary>A compiled script: what is kept in the cache.</summary>
/// <param name="Type">The type of the entry point.</param>
/// <param name="Method">The entry point.</param>
/// <param name="Steps">Every actor and policy that it can name, in the order in which it does.</param>
/// <param name="Reads">What it looks at that costs a request.</param>
/// <param name="Code">The assembly.</param>
/// <param name="Symbols">Its portable PDB: an error is told with its line.</param>
internal sealed record ScriptImage(string Type, string Method, IReadOnlyList<string> Steps, ScriptReads Reads, byte[] Code, byte[] Symbols);
