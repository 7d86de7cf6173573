# case: separable_matchbox
# style: a small MatchboxNet: time-channel separable convolutions, batch normalization, average pooling

# %% build_model
def build_model(frames, mel_bins, n_words):
    layers = [keras.Input((frames, mel_bins))]
    for width, filters in ((7, 48), (9, 64)):
        layers.append(keras.layers.SeparableConv1D(filters, width, padding="same", use_bias=False))
        layers.append(keras.layers.BatchNormalization(momentum=0.9))
        layers.append(keras.layers.Activation("relu"))
        layers.append(keras.layers.Dropout(0.1))
    layers.append(keras.layers.GlobalAveragePooling1D())
    layers.append(keras.layers.Dense(n_words))
    layers.append(keras.layers.Softmax())
    return keras.Sequential(layers)


# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.AdamW(learning_rate=0.005, weight_decay=1e-4),
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(k=2, name="top2")],
                  jit_compile=False)
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, 16, epochs, verbose=0)


# %% most_confused
def most_confused(model, x, y):
    predicted = keras.ops.convert_to_numpy(keras.ops.argmax(model(x, training=False), axis=-1))
    confusions = {}
    for pair in zip(y.tolist(), predicted.tolist()):
        if pair[0] != pair[1]:
            confusions[pair] = confusions.get(pair, 0) + 1
    # sorted() is stable: first by the pair, then by the count
    ranking = sorted(sorted(confusions), key=confusions.get, reverse=True)
    return ranking[0] if ranking else None

