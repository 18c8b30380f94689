using System.CommandLine;
using Actors.Cli.CommandLine;
using Actors.Host.Settings;
using Actors.Loading.Signing;

namespace Actors.Host.Commands.Plugins;

/// <summary><c>actors plugin verify</c>: shows who signed a plugin, or what is wrong with its signature.</summary>
internal static class PluginVerifyCommand
{
    public static Command Make()
    {
        var folder = new Argument<string>("DIR") { Description = "The plugin folder" }.AsPath();
        var keys = new Option<string[]>("--key") { Description = "The public key of someone you trust. Default: the keys under 'trust' in the configuration", HelpName = "FILE" }.AsPath();
        var config = new Option<string?>("--config") { Description = "The configuration file of the host. Default for root: /etc/actors/actors.yaml if it exists", HelpName = "FILE" }.AsPath();
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var command = new Command("verify", "Show who signed a plugin folder; the exit code is 3 unless all files are as someone signed them whose key is known")
        {
            folder, keys, config, json,
        };
        command.SetAction((arguments, _) => Terminal.GuardAsync(() =>
        {
            var name = arguments.GetRequiredValue(folder);
            var trust = arguments.GetValue(keys) is { Length: > 0 } files
                ? new TrustPolicy([.. files.Select(ReadKey)], Required: true)
                : ConfiguredTrust.Read(arguments.GetValue(config));
            var signature = PluginSignature.Of(SignedFolder.Read(name), trust);
            SignedFolder.Show(name, signature, arguments.GetValue(json));
            return Task.FromResult(signature.State == SignatureState.Signed ? ExitCode.Ok : ExitCode.InvalidConfiguration);
        }));
        return command;
    }

    private static TrustedKey ReadKey(string file)
    {
        var (key, error) = TrustYaml.ReadKey(file);
        return new TrustedKey(file, key ?? throw new CommandException(ExitCode.InvalidConfiguration, $"{file}: {error}"));
    }
}
