namespace Actors.Chains.Scripts.Compiling;

/// <summary>Compiles scripts, in this process or in another one.</summary>
internal interface IScriptCompiler : IDisposable
{
    /// <summary>Compiles a script. Whatever the script does to the compiler becomes one of its problems.</summary>
    Task<CompiledScript> CompileAsync(ScriptSource source);
}
