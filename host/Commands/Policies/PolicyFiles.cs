using System.CommandLine;
using Actors.Chains.Files;
using Actors.Host.Daemon;

namespace Actors.Host.Commands.Policies;

/// <summary>What commands on policy files take: the files, and the folders that they stand beside.</summary>
internal sealed class PolicyFiles
{
    private static readonly HostOptions Standard = new();

    private readonly Argument<string[]> _files = new("FILE") { Description = "Files or folders; all policies of the folder when left out", Arity = ArgumentArity.ZeroOrMore };

    private readonly Option<string> _policies = new("--policies")
    {
        Description = "The folder of policies",
        HelpName = "DIR",
        DefaultValueFactory = _ => Standard.PolicyFolder,
    };

    private readonly Option<string> _plugins = new("--plugins")
    {
        Description = "The folder of plugin folders, whose actors can be named",
        HelpName = "DIR",
        DefaultValueFactory = _ => Standard.PluginFolder,
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON" };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_files);
        command.Options.Add(_policies);
        command.Options.Add(_plugins);
        command.Options.Add(_json);
    }

    public bool Json(ParseResult arguments) => arguments.GetValue(_json);

    public string Plugins(ParseResult arguments) => arguments.GetValue(_plugins)!;

    /// <summary>The files that are named, and all of a folder that is.</summary>
    public IReadOnlyList<string> Chosen(ParseResult arguments)
    {
        var named = arguments.GetValue(_files) is { Length: > 0 } files ? files : [arguments.GetValue(_policies)!];
        return [.. named.SelectMany(name => Directory.Exists(name) ? PolicyFile.In(name) : [name])];
    }

    /// <summary>The folder that was asked for, for a message.</summary>
    public string Folder(ParseResult arguments) => arguments.GetValue(_policies)!;
}
