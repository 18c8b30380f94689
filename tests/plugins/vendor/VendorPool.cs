using System.Globalization;
using Actors.Sdk;

namespace Actors.VendorPlugin;

/// <summary>A mechanism of the vendor's own.</summary>
internal interface IVendorPool
{
    string Use();
}

/// <summary>Counts its uses. A sticky one cannot be disposed of.</summary>
internal sealed class VendorPool : IVendorPool, IAsyncDisposable
{
    private readonly DomainIdentity _domain;
    private readonly bool _sticky;
    private int _uses;

    public VendorPool(DomainIdentity domain, bool sticky)
    {
        (_domain, _sticky) = (domain, sticky);
        Created++;
    }

    public static int Created { get; private set; }

    public static int Disposed { get; private set; }

    public string Use() => string.Create(CultureInfo.InvariantCulture, $"{_domain.Name}: {++_uses}");

    public ValueTask DisposeAsync()
    {
        Disposed++;
        return _sticky ? throw new InvalidOperationException("it sticks") : default;
    }
}
