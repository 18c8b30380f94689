using System.CommandLine;
using Actors.Cli.CommandLine;
using Actors.Loading.Compatibility;
using Actors.Loading.Files;
using Actors.Loading.Signing;

namespace Actors.Host.Commands.Plugins;

/// <summary><c>actors plugin sign</c>: signs the files of a plugin.</summary>
internal static class PluginSignCommand
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public static Command Make()
    {
        var folder = new Argument<string>("DIR") { Description = "The plugin folder" }.AsPath();
        var key = new Option<string>("--key") { Description = "The private key, as 'openssl genpkey -algorithm ed25519' writes it", HelpName = "FILE", Required = true }.AsPath();
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var command = new Command("sign", $"Sign all files of a plugin folder; the signature is written to {SignatureFile.FileName} in it") { folder, key, json };
        command.SetAction((arguments, _) => Terminal.GuardAsync(() =>
        {
            var name = arguments.GetRequiredValue(folder);
            SignedFolder.Show(name, Sign(name, ReadKey(arguments.GetRequiredValue(key))), arguments.GetValue(json));
            return Task.FromResult(ExitCode.Ok);
        }));
        return command;
    }

    private static PluginSignature Sign(string name, byte[] key)
    {
        var image = SignedFolder.Read(name);
        if (image.Find(Manifest.FileName) is null)
            throw new CommandException(ExitCode.InvalidConfiguration, $"{name}: there is no {Manifest.FileName}, so this is not a plugin");
        try
        {
            Write(Path.Combine(image.Folder, SignatureFile.FileName), SignatureFile.Sign(image, key));
        }
        catch (PluginException error)
        {
            throw new CommandException(ExitCode.InvalidConfiguration, $"{name}: {error.Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Failed, $"the signature cannot be written: {error.Message}");
        }
        var own = new PublicKey(Ed25519.PublicKeyOf(key));
        return PluginSignature.Of(SignedFolder.Read(name), new TrustPolicy([new TrustedKey(own.Fingerprint, own)], Required: false));
    }

    // A daemon that watches the folder must not find half a signature.
    private static void Write(string path, string text)
    {
        var temporary = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(path)!)!, $".{Path.GetRandomFileName()}");
        try
        {
            File.WriteAllText(temporary, text);
            File.SetUnixFileMode(temporary, Mode);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static byte[] ReadKey(string file)
    {
        try
        {
            var (key, error) = KeyText.ParsePrivate(File.ReadAllText(file));
            return key ?? throw new CommandException(ExitCode.InvalidConfiguration, $"{file}: {error}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Failed, $"the key cannot be read: {error.Message}");
        }
    }
}
