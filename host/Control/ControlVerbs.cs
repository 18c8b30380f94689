using Actors.Cli.CommandLine;
using Actors.Cli.Control;

namespace Actors.Host.Control;

/// <summary>Handles the requests of one verb.</summary>
internal delegate Task<ControlAnswer> ControlVerb(IReadOnlyList<string> arguments, CancellationToken cancellation);

/// <summary>The requests that the running daemon accepts, by verb.</summary>
internal sealed class ControlVerbs
{
    private readonly Dictionary<string, ControlVerb> _verbs = [];

    public void Add(string verb, ControlVerb answer) => _verbs.Add(verb, answer);

    public async Task<ControlAnswer> AnswerAsync(ControlRequest request, CancellationToken cancellation)
    {
        if (!_verbs.TryGetValue(request.Verb, out var verb))
            return ControlAnswer.Failed(ExitCode.Failed, $"this daemon does not support '{request.Verb}'; it may be an older version");
        try
        {
            return await verb(request.Arguments, cancellation);
        }
        catch (CommandException error)
        {
            return ControlAnswer.Failed(error.ExitCode, error.Message);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            return ControlAnswer.Failed(ExitCode.Failed, $"'{request.Verb}' failed: {error.Message}");
        }
    }
}
