using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>
/// The amount of which every balloon target is a multiple. With <c>balloon:superpages</c> it is 2 MiB, so that a driver that takes memory in
/// such pieces never has to break one. Pure.
/// </summary>
internal readonly record struct BalloonStep(Kib Size)
{
    private const string Superpages = "superpages";

    private static readonly BalloonStep Any = new(new Kib(1));

    /// <summary>The step for an argument of the actor key.</summary>
    public static BalloonStep Of(string argument) => argument == Superpages ? new(Kib.FromMiB(2)) : Any;

    /// <summary>The reason if the argument is unknown; <see langword="null"/> if it is valid.</summary>
    public static string? UnknownArgument(string argument) => argument is "" or Superpages
        ? null
        : $"balloon has no argument '{argument}'; its only argument is '{Superpages}' (balloon:{Superpages})";

    public Kib Down(Kib target) => new(target.Value / Size.Value * Size.Value);

    public Kib Up(Kib target) => Down(target + Size - new Kib(1));

    /// <summary>The nearest multiple; the lower one if both are as near.</summary>
    public Kib Nearest(Kib target) => Down(target + new Kib((Size.Value - 1) / 2));
}
