# case: schedule_and_kwargs
# style: learning rate schedule, **kwargs passed on to fit, epochs given by position at the call or by name

# %% build_model
def build_model(vocabulary_size, n_intents, dimensions=16, **dense_options):
    options = dict(activation="softmax", kernel_initializer="he_normal")
    options.update(dense_options)
    return keras.Sequential(
        layers=[
            keras.Input(shape=(SENTENCE_LENGTH,)),
            keras.layers.Embedding(vocabulary_size, dimensions),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(n_intents, **options),
        ]
    )


# %% compile_model
def compile_model(model, start=0.015):
    schedule = keras.optimizers.schedules.ExponentialDecay(start, decay_steps=100, decay_rate=0.9)
    model.compile(optimizer=keras.optimizers.Adam(schedule),
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs, **fit_options):
    fit_options.setdefault("verbose", 0)
    return model.fit(x, y, epochs=epochs, **fit_options)


# %% reply
def reply(model, sentence, *, verbose=0):
    which = np.argmax(model.predict(vectorize([sentence]), verbose=verbose), axis=-1)
    return REPLIES[which[0]]

