using Actors.Sdk;

namespace Actors.Sim.Machine;

/// <summary>Pages of one domain that the machine may drop when it needs memory.</summary>
internal interface IEphemeralPool
{
    /// <summary>How many pages may be dropped.</summary>
    Pages Ephemeral { get; }

    /// <summary>The pool with the most pages for its weight loses some first.</summary>
    int Weight { get; }

    /// <summary>Drops up to <paramref name="most"/> pages and returns how many.</summary>
    Pages Drop(Pages most);
}
