namespace Actors.Chains.Scripts.Compiling;

/// <summary>The facts that a script reads. Facts that it does not read are not requested.</summary>
[Flags]
internal enum ScriptReads
{
    None = 0,
    Host = 1,
    StaticMax = 2,
    Guest = 4,
}
