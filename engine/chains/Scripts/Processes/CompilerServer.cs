using Actors.Chains.Scripts.Compiling;
using Actors.Isolation.Child;
using Actors.Isolation.Messages;
using Actors.Isolation.Sandbox;
using Actors.Isolation.Wire;

namespace Actors.Chains.Scripts.Processes;

/// <summary>Compiles the scripts that the other end sends. The program in this role is the only one that loads Roslyn.</summary>
/// <param name="parent">The process that started this one.</param>
internal sealed class CompilerServer(int parent) : IChildServer
{
    /// <summary>The first argument of the program in this role.</summary>
    public const string Role = "script-compiler";

    // Roslyn recurses over nested code, and checks how much of the stack is left.
    private const int StackBytes = 16 << 20;

    public static string Build => ProgramBuild.Of(typeof(CompilerServer));

    public static int Run(IReadOnlyList<string> arguments) => ChildRole.Run(arguments, Build, (parent, _) => new CompilerServer(parent));

    public ValueTask<ReadOnlyMemory<byte>> AnswerAsync(Frame frame, CancellationToken cancellation) => frame.Verb switch
    {
        Verb.Confine => ValueTask.FromResult(Body.Of(new LoadedBody(Confinement.Apply(Body.Read(frame, ScriptJson.Default.ConfineBody).Limits, parent)), WireJson.Default.LoadedBody)),
        Verb.Compile => new ValueTask<ReadOnlyMemory<byte>>(CompileAsync(Body.Read(frame, ScriptJson.Default.ScriptSource))),
        _ => throw new WireException($"the daemon requested '{frame.Verb}'"),
    };

    private static Task<ReadOnlyMemory<byte>> CompileAsync(ScriptSource source)
    {
        var done = new TaskCompletionSource<ReadOnlyMemory<byte>>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                done.SetResult(Body.Of(ScriptCompiler.Compile(source), ScriptJson.Default.CompiledScript));
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        }, StackBytes)
        { IsBackground = true, Name = "compiles" }.Start();
        return done.Task;
    }
}
