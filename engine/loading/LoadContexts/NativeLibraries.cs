using System.Runtime.InteropServices;

namespace Actors.Loading.LoadContexts;

/// <summary>The native libraries that a plugin's code has opened; .NET unloads the code and leaves these.</summary>
internal sealed class NativeLibraries
{
    private readonly Lock _gate = new();
    private readonly List<nint> _handles = [];

    public nint Add(nint handle)
    {
        lock (_gate)
            _handles.Add(handle);
        return handle;
    }

    /// <summary>Closes them; only once no code is left that could call them.</summary>
    public void Free()
    {
        lock (_gate)
        {
            _handles.ForEach(NativeLibrary.Free);
            _handles.Clear();
        }
    }
}
