# case: mean_and_max_lambda
# style: a Lambda layer that puts the mean and the maximum of the words side by side; RMSprop

# %% build_model
def mean_and_max(t):
    return keras.ops.concatenate([keras.ops.mean(t, axis=1), keras.ops.max(t, axis=1)], axis=-1)


def build_model(vocabulary_size, n_intents):
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, 16),
        keras.layers.Lambda(mean_and_max),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])


# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.RMSprop(learning_rate=0.01),
                  loss="sparse_categorical_crossentropy",
                  metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs):
    steps = len(x) // 16
    print(steps, "steps an epoch")
    return model.fit(x, y, 16, epochs, verbose=0)


# %% reply
reply_index = lambda model, ids: int(np.argmax(model.predict(ids, verbose=0)[0]))


def reply(model, sentence):
    return REPLIES[reply_index(model, vectorize([sentence]))]

