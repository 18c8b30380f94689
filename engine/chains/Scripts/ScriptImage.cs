namespace Actors.Chains.Scripts;

/// <summary>A compiled script: what is kept in the cache.</summary>
/// <param name="Type">The type of the entry point.</param>
/// <param name="Method">The entry point.</param>
/// <param name="Steps">Every actor and policy that it can name, in the order in which it does.</param>
/// <param name="Reads">What it looks at that costs a request.</param>
/// <param name="Code">The assembly.</param>
/// <param name="Symbols">Its portable PDB: an error is told with its line.</param>
internal sealed record ScriptImage(string Type, string Method, IReadOnlyList<string> Steps, ScriptReads Reads, byte[] Code, byte[] Symbols);

/// <summary>What a script looks at; what it does not, is not asked for.</summary>
[Flags]
internal enum ScriptReads
{
    None = 0,
    Host = 1,
    StaticMax = 2,
    Guest = 4,
}
