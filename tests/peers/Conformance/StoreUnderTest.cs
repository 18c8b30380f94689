using Actors.XenStore;
using Actors.XenStore.Client;
using Actors.XenStore.Embedded;
using Actors.XenStore.Server;

namespace Actors.Peers.Conformance;

/// <summary>A store to test.</summary>
internal abstract class StoreUnderTest : IAsyncDisposable
{
    public abstract string SocketPath { get; }

    /// <summary>Creates a domain without introducing it.</summary>
    public abstract void AddDomain(int domid);

    /// <summary>Creates a domain, opens a connection with its rights, and introduces it.</summary>
    public abstract Task<IXenStore> AddGuestAsync(int domid);

    /// <summary>Creates a domain, introduces it and returns a raw connection with its rights.</summary>
    public abstract Task<ITransport> AddRawGuestAsync(int domid);

    /// <summary>Shuts a domain down. It still exists.</summary>
    public abstract void Shutdown(int domid);

    /// <summary>Destroys a domain, so that the daemon releases it.</summary>
    public abstract Task DestroyAsync(int domid);

    public Task<XenStoreClient> ConnectAsync() => XenStoreClient.ConnectAsync(XenStoreEndpoint.Socket(SocketPath));

    public abstract ValueTask DisposeAsync();

    public static async Task<StoreUnderTest> StartAsync(Store store) => store switch
    {
        Store.Embedded => new EmbeddedUnderTest(),
        Store.Xenstored => new RealUnderTest(await Peers.NeedAsync(Daemon.Xenstored)),
        _ => new RealUnderTest(await Peers.NeedAsync(Daemon.Oxenstored)),
    };

    private sealed class RealUnderTest(RealXenStore store) : StoreUnderTest
    {
        public override string SocketPath => store.SocketPath;

        public override void AddDomain(int domid) => store.Hypervisor.SetDomain(domid, "running");

        public override async Task<IXenStore> AddGuestAsync(int domid)
        {
            var ring = await AddRawGuestAsync(domid);
            var options = new XenStoreClientOptions { ReconnectWait = TimeSpan.Zero };
            return await XenStoreClient.ConnectThroughAsync(() => ring, options, domid);
        }

        public override async Task<ITransport> AddRawGuestAsync(int domid)
        {
            AddDomain(domid);
            var ring = await GuestRing.OpenAsync(domid, store.Hypervisor);
            await using (var toolstack = await ConnectAsync())
                await toolstack.IntroduceAsync(domid, frame: 1, eventChannel: 15);
            return ring;
        }

        public override void Shutdown(int domid)
        {
            store.Hypervisor.SetDomain(domid, "shutdown");
            store.Hypervisor.RaiseDomainException();
        }

        public override async Task DestroyAsync(int domid)
        {
            store.Hypervisor.SetDomain(domid, "dying");
            store.Hypervisor.RaiseDomainException();
            await using var toolstack = await ConnectAsync();
            for (var known = true; known;)
                known = await toolstack.IsDomainIntroducedAsync(domid);
            store.Hypervisor.Forget(domid);
        }

        public override ValueTask DisposeAsync() => store.DisposeAsync();
    }

    private sealed class EmbeddedUnderTest : StoreUnderTest
    {
        private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("xs-");
        private readonly HashSet<int> _domains = [0];
        private readonly EmbeddedXenStore _store;
        private readonly XenStoreServer _server;
        private readonly List<XenStoreServer> _guestServers = [];

        public EmbeddedUnderTest()
        {
            _store = new EmbeddedXenStore(_domains.Contains);
            _server = XenStoreServer.Listen(_store, SocketPath);
        }

        public override string SocketPath => Path.Combine(_directory.FullName, "socket");

        public override void AddDomain(int domid) => _domains.Add(domid);

        public override async Task<IXenStore> AddGuestAsync(int domid)
        {
            AddDomain(domid);
            var guest = _store.Connect(domid);
            await using var toolstack = await ConnectAsync();
            await toolstack.IntroduceAsync(domid, frame: 1, eventChannel: 15);
            return guest;
        }

        public override async Task<ITransport> AddRawGuestAsync(int domid)
        {
            AddDomain(domid);
            var path = Path.Combine(_directory.FullName, $"guest-{domid}");
            _guestServers.Add(XenStoreServer.ListenAsDomain(_store, path, domid));
            await using (var toolstack = await ConnectAsync())
                await toolstack.IntroduceAsync(domid, frame: 1, eventChannel: 15);
            return SocketTransport.Connect(path);
        }

        public override void Shutdown(int domid) => _store.AnnounceShutdown(domid);

        public override async Task DestroyAsync(int domid)
        {
            await using var toolstack = await ConnectAsync();
            await toolstack.ReleaseAsync(domid);
            _domains.Remove(domid);
        }

        public override async ValueTask DisposeAsync()
        {
            foreach (var server in _guestServers.Append(_server))
                await server.DisposeAsync();
            _directory.Delete(recursive: true);
        }
    }
}

/// <summary>The stores that one suite compares.</summary>
public enum Store
{
    /// <summary>The embedded store over its socket.</summary>
    Embedded,

    /// <summary>The real xenstored in C.</summary>
    Xenstored,

    /// <summary>The real oxenstored in OCaml.</summary>
    Oxenstored,
}
