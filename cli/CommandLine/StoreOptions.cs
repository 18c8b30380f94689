using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Actors.Cli.Settings;
using Actors.Dispatch.Domains;
using Actors.Sdk.Text;
using Actors.XenStore;

namespace Actors.Cli.CommandLine;

/// <summary>The options of every command that talks to a running host: the xenstore to use, and whether to print JSON.</summary>
internal sealed class StoreOptions
{
    private static readonly TimeSpan ReplyWithin = TimeSpan.FromSeconds(10);

    private readonly Option<XenStoreEndpoint?> _store = new("--store")
    {
        Description = "The xenstore, as unix:PATH. Default: $XENSTORED_PATH, then the standard paths, then the one of 'actors run'",
        HelpName = "unix:PATH",
        CustomParser = Endpoint,
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON" };

    /// <param name="command">The command.</param>
    /// <param name="json">Whether it can print JSON.</param>
    public void AddTo(Command command, bool json = true)
    {
        command.Options.Add(_store);
        if (json)
            command.Options.Add(_json);
    }

    public bool Json(ParseResult arguments) => arguments.GetValue(_json);

    /// <exception cref="CommandException">xenstored does not reply.</exception>
    /// <exception cref="XenStoreConnectionException">xenstored cannot be reached.</exception>
    public async Task<XenStoreClient> ConnectAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var endpoint = arguments.GetValue(_store) ?? Find();
        var store = await XenStoreClient.ConnectAsync(endpoint, new XenStoreClientOptions { ReplyLimit = ReplyWithin }, cancellation);
        try
        {
            // The kernel accepts connections even for a daemon that hangs.
            await store.GetDomainPathAsync(0, cancellation).AsTask().WaitAsync(ReplyWithin, TimeProvider.System, cancellation);
            return store;
        }
        catch (Exception error)
        {
            await store.DisposeAsync();
            if (error is TimeoutException)
                throw new CommandException(ExitCode.Unreachable, $"xenstored at {endpoint} has not replied for {ReplyWithin.TotalSeconds:0} s; restart it if it hangs");
            throw;
        }
    }

    /// <summary>Finds a domain by its domid or its name.</summary>
    public static async Task<(int Domid, string Name)> FindDomainAsync(IXenStore store, string text, CancellationToken cancellation)
    {
        var domains = await DomainsAsync(store, cancellation);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var domid) && domains.Any(domain => domain.Domid == domid))
            return domains.First(domain => domain.Domid == domid);
        var named = domains.Where(domain => domain.Name == text).ToList();
        if (named.Count == 1)
            return named[0];
        if (named.Count > 1)
            throw new CommandException(ExitCode.Failed, $"several domains are named '{Printable.Of(text, 64)}': {string.Join(", ", named.Select(domain => domain.Domid))}; use the domid");
        var suggestion = Suggestion.For(text, domains.Select(domain => domain.Name).Where(name => name.Length > 0));
        throw new CommandException(ExitCode.Failed, suggestion is null
            ? $"there is no domain '{text}'; 'actors list' shows all domains"
            : $"there is no domain '{text}'; did you mean '{suggestion}'?");
    }

    public static async Task<IReadOnlyList<(int Domid, string Name)>> DomainsAsync(IXenStore store, CancellationToken cancellation)
    {
        var found = new List<(int, string)>();
        foreach (var text in await store.ListIfPresentAsync(PolicyKeys.Domains, cancellation))
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var domid))
                found.Add((domid, await store.TryReadTextAsync(PolicyKeys.NameOf(domid), cancellation) ?? ""));
        }
        found.Sort();
        return found;
    }

    /// <summary>The xenstore to use if none is named.</summary>
    /// <exception cref="XenStoreConnectionException">There is none.</exception>
    public static XenStoreEndpoint Find()
    {
        try
        {
            return XenStoreEndpoint.Find();
        }
        catch (XenStoreConnectionException) when (File.Exists(HostPaths.Socket))
        {
            return XenStoreEndpoint.Socket(HostPaths.Socket);
        }
    }

    private static XenStoreEndpoint? Endpoint(ArgumentResult argument)
    {
        try
        {
            return XenStoreEndpoint.Parse(argument.Tokens[0].Value);
        }
        catch (FormatException error)
        {
            argument.AddError(Printable.Of(error.Message));
            return null;
        }
    }
}
