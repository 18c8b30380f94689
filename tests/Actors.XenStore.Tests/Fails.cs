using NUnit.Framework.Constraints;

namespace Actors.XenStore.Tests;

/// <summary>A constraint that a request fails with an error of the store.</summary>
internal static class Fails
{
    public static IResolveConstraint With(XenStoreError error) =>
        Throws.InstanceOf<XenStoreException>().With.Property(nameof(XenStoreException.Error)).EqualTo(error);
}
