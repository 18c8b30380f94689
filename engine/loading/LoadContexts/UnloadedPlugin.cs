namespace Actors.Loading.LoadContexts;

/// <summary>What is left of a plugin that ran in this process.</summary>
internal sealed class UnloadedPlugin(WeakReference code, PrivateCopy copy) : IUnloadedPlugin
{
    /// <summary>Whether its code is gone from memory.</summary>
    public bool IsGone => !code.IsAlive;

    /// <summary>Removes its private copy, and closes its native libraries if no code is left that could call them.</summary>
    public void CleanUp()
    {
        if (IsGone)
            copy.CloseLibraries();
        copy.Dispose();
    }
}
