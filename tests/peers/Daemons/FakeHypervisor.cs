using System.Buffers.Binary;

namespace Actors.Peers;

/// <summary>The directory that replaces the hypervisor for a real daemon. shim/xenshim.c describes its files.</summary>
internal sealed class FakeHypervisor(string directory)
{
    private const uint DomainExceptionPort = 1;
    private const uint FirstRingPort = 1000;
    private readonly SortedDictionary<int, string> _domains = [];

    public string RingPage(int domid) => Path.Combine(directory, $"ring.{domid}");

    public string NotifyFifo(int domid) => Path.Combine(directory, $"notify.{domid}");

    public void SetDomain(int domid, string state)
    {
        _domains[domid] = state;
        Save();
    }

    public void Forget(int domid)
    {
        _domains.Remove(domid);
        Save();
    }

    /// <summary>Raises VIRQ_DOM_EXC: a domain was shut down or is dying, so the daemon checks all domains.</summary>
    public void RaiseDomainException() => Raise(DomainExceptionPort);

    /// <summary>Notifies the daemon through a guest's event channel that its ring has changed.</summary>
    public void Kick(int domid) => Raise(FirstRingPort + (uint)domid);

    private void Raise(uint port)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, port);
        using var fifo = new FileStream(Path.Combine(directory, "evtchn"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        fifo.Write(bytes);
    }

    private void Save()
    {
        var file = Path.Combine(directory, "domains");
        File.WriteAllLines(file + ".new", _domains.Select(domain => $"{domain.Key} {domain.Value}"));
        File.Move(file + ".new", file, overwrite: true);
    }
}
