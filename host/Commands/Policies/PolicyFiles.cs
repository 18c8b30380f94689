using System.CommandLine;
using Actors.Chains.Files;
using Actors.Cli.CommandLine;

namespace Actors.Host.Commands.Policies;

/// <summary>The arguments of commands on policy files: the files, and the folders of policies and plugins.</summary>
internal sealed class PolicyFiles
{
    private readonly Argument<string[]> _files = new Argument<string[]>("FILE") { Description = "Files or folders; all policies of the --policies folder if omitted", Arity = ArgumentArity.ZeroOrMore }.AsPath();

    private readonly Option<string> _policies = FolderOptions.Policies();

    private readonly Option<string> _plugins = FolderOptions.Plugins("The folder of plugins, whose actors the steps can name");

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

    /// <summary>The files that the user named, and all files of the folders that the user named.</summary>
    public IReadOnlyList<string> Chosen(ParseResult arguments)
    {
        return [.. NamedBy(arguments).SelectMany(name => Directory.Exists(name) && PolicyFile.KindOf(name) == PolicyFileKind.Other ? PolicyFile.In(name) : [name])];
    }

    /// <summary>The files and folders that the user named, for a message.</summary>
    public string Named(ParseResult arguments) => string.Join(", ", NamedBy(arguments));

    private string[] NamedBy(ParseResult arguments) => arguments.GetValue(_files) is { Length: > 0 } files ? files : [arguments.GetValue(_policies)!];
}
