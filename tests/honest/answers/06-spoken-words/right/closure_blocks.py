# case: closure_blocks
# style: functional programming: partial, reduce over blocks, closures; nested models; totals with reduce over dicts

# %% build_model
from functools import partial, reduce

same_conv = partial(keras.layers.Conv1D, kernel_size=3, padding="same", activation="relu")


def build_model(frames, mel_bins, n_words):
    def block(filters, rate):
        def apply(tensor):
            tensor = same_conv(filters, dilation_rate=rate)(tensor)
            return keras.layers.SpatialDropout1D(0.1)(tensor)
        return apply

    def feature_extractor():
        clip = keras.Input((frames, mel_bins))
        blocks = [block(48, 1), block(48, 2), block(64, 4)]
        features = reduce(lambda tensor, layer: layer(tensor), blocks, clip)
        return keras.Model(clip, keras.layers.GlobalMaxPooling1D()(features), name="features")

    def head():
        return keras.Sequential(
            [keras.layers.Dense(64, "relu"), keras.layers.Dense(n_words, "softmax")], name="head"
        )

    inputs = keras.Input((frames, mel_bins))
    return keras.Model(inputs, head()(feature_extractor()(inputs)))

# %% compile_model
def compile_model(model):
    settings = dict(
        optimizer=keras.optimizers.Adam(2e-3, amsgrad=True),
        loss=keras.losses.SparseCategoricalCrossentropy(reduction="sum_over_batch_size"),
        metrics=["accuracy"],
        jit_compile=False,
    )
    model.compile(**settings)
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    fit = partial(model.fit, x, y, verbose=0)
    return fit(epochs=epochs)

# %% most_confused
def most_confused(model, x, y):
    heard = model.predict(x, verbose=0).argmax(axis=-1)

    def add(totals, pair):
        return {**totals, pair: totals.get(pair, 0) + 1}

    mistakes = filter(lambda pair: pair[0] != pair[1], zip(y.tolist(), heard.tolist()))
    totals = reduce(add, mistakes, {})
    ranked = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    return ranked[0][0] if ranked else None
