using Actors.Chains.Scripts.Compiling;

namespace Actors.Chains.Scripts.Running;

/// <summary>Runs scripts in this process, on the thread of the caller: for tools that run nothing, and for tests.</summary>
internal sealed class LocalRunner : IScriptRunner
{
    public IScript Load(ScriptSource source, ScriptImage image) => new ScriptProgram(source, image);

    public void Dispose()
    {
    }
}
