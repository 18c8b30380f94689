namespace Actors.Xen.Calls;

/// <summary>Memory that this process and the hypervisor share.</summary>
internal abstract unsafe class HypercallBuffer : IDisposable
{
    /// <summary>The address in this process.</summary>
    public abstract nint Address { get; }

    public abstract int Length { get; }

    public Span<byte> Bytes => new((void*)Address, Length);

    public abstract void Dispose();
}
